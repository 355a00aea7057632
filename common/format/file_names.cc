#include "common/format/file_names.h"
