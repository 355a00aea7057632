# The longer tiers of ./check. Sourced by it, never run.
#
# A stage is a command with a log of its own in build/tiers. All stages run, whatever fails; a table
# of verdicts, times and figures ends the tier. Figures are what a program prints on lines that begin
# with "figures: ".

tier_dir=$ibid_root/build/tiers
tier_table=()
tier_failed=0

# stage NAME COMMAND...
stage() {
  local name=$1 log=$tier_dir/${1//[^a-zA-Z0-9]/_}.log began=$SECONDS verdict=passed line
  shift
  step "$name"
  printf '+ %s   (log: %s)\n' "$*" "${log#"$ibid_root"/}"
  if ! "$@" >"$log" 2>&1; then
    verdict=FAILED
    tier_failed=1
    tail -n 25 "$log"
  fi
  printf '%s in %d s\n' "$verdict" $((SECONDS - began))
  tier_table+=("$(printf '%-34s %-7s %6d s' "$name" "$verdict" $((SECONDS - began)))")
  while IFS= read -r line; do tier_table+=("    $line"); done < <(
    sed -n 's/^\([0-9]*: \)\{0,1\}figures: //p' "$log")
}

print_tier() {
  step "$1: $(git -C "$ibid_root" rev-parse --short HEAD), $(cores) cores, $((SECONDS / 60)) min"
  printf '%s\n' "${tier_table[@]}"
  [ "$tier_failed" -eq 0 ] || fail "a stage failed" "read its log in build/tiers"
}

# long_test NAME [VARIABLE=VALUE...]: one test of label long, verbosely for its figures.
long_test() {
  local name=$1
  shift
  stage "$name" env "$@" ctest --test-dir build/dev -V -R "^$name\$" --no-tests=error
}

fast_tests_of() {
  build_preset "$1" -- && ctest --test-dir "build/$1" --output-on-failure -L fast -j "$(cores)"
}

# Each program of the kernels' tests with each set of kernels that Valgrind can run.
kernels_under_valgrind() {
  local program kernels
  for program in build/dev/tests/common/codec/*_test; do
    for kernels in scalar portable avx2; do
      IBID_KERNELS=$kernels valgrind -q --error-exitcode=1 "$program" \
        --gtest_brief=1 || return 1
    done
  done
}

# Every fuzz target for so many seconds, each beginning with its seeds and with what it found worth
# keeping before.
fuzz_all() {
  local seconds=$1 program name corpus
  build_preset fuzz -- || return 1
  for program in build/fuzz/tests/fuzz/fuzz_*; do
    [ -x "$program" ] && [ -f "$program" ] || continue
    name=$(basename "$program")
    corpus=$tier_dir/corpus/$name
    "build/fuzz/tests/fuzz/replay_${name#fuzz_}" --write "$corpus" >/dev/null || return 1
    "$program" -max_total_time="$seconds" -print_final_stats=1 -rss_limit_mb=2048 -timeout=25 \
      -artifact_prefix="$tier_dir/$name." "$corpus" >"$tier_dir/$name.log" 2>&1 ||
      { tail -n 40 "$tier_dir/$name.log"; return 1; }
    printf 'figures: %s: %s executions\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$tier_dir/$name.log")"
  done
}

full_tier() {
  mkdir -p "$tier_dir"
  stage "fast tests" ctest --test-dir build/dev --output-on-failure -L fast -j "$(cores)"
  stage "crash states" ctest --test-dir build/dev -V -R '^crash_states_test$'
  long_test kill_loop_long_test
  long_test snapshot_many_commits_test
  long_test disk_full_every_size_test
  long_test every_call_test
  long_test every_system_call_test
  long_test hostile_inputs_full_test
  long_test power_cut_test
  stage "kernels under Valgrind" kernels_under_valgrind
  stage "ASan and UBSan" fast_tests_of asan-ubsan
  stage "ThreadSanitizer" fast_tests_of tsan
  print_tier "./check --full"
}

# All threads of the soak in one process, with no suppression.
threads_under_tsan() {
  build_preset tsan -- soak_test &&
    IBID_SOAK_THREADS_SECONDS=$1 build/tsan/tests/soak/soak_test --gtest_filter='SoakOfThreads.*'
}

# Lines and branches that the fast tests reach, against the goals.
coverage_of_rooms() {
  build_preset coverage -- && cmake/coverage.py
}

# night_tier FUZZ_SECONDS SOAK_SECONDS
night_tier() {
  mkdir -p "$tier_dir"
  long_test every_byte_full_test
  long_test every_allocation_test
  long_test power_cut_test IBID_POWER_CUTS=5000
  long_test install_shared_test
  long_test soak_long_test IBID_SOAK_SECONDS="$2"
  stage "soak of one writer" env IBID_SOAK_NO_KILLS=1 IBID_SOAK_SECONDS=$(($2 / 2)) \
    build/dev/tests/soak/soak_test --gtest_filter='SoakOfProcesses.*'
  stage "threads of a soak under TSan" threads_under_tsan 600
  stage "fuzzing, $1 s a target" fuzz_all "$1"
  stage "coverage" coverage_of_rooms
  stage "mutations" tests/mutation/mutate.py --count 300
  print_tier "./check --night"
}
