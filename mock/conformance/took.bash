# took START prints the time since START, which is an $EPOCHREALTIME, as report.mjs does.
took() {
  local hundredths=$(((${EPOCHREALTIME//[.,]/} - ${1//[.,]/}) / 10000))
  printf '(%d.%02d s)' $((hundredths / 100)) $((hundredths % 100))
}
