#include "common/format/manifest.h"
