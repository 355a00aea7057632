#include "ibid/env.h"
