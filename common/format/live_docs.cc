#include "common/format/live_docs.h"
