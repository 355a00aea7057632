#include "common/format/segment_file.h"
