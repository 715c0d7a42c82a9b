# For scripts in Bash: shows in one line on stderr what a script is doing, as package progress does for programs, and nothing if stderr
# is not a terminal.
#
#   show TEXT   says what the script does from now on
#   lines       passes its input on to stdout line by line, and keeps the line below it
#   hide        takes the line away, before other output and at the end

show() { :; }
hide() { :; }
lines() { cat; }

if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${CI:-}" ]; then
  show() { shown_text=$1; draw_line; }
  hide() { printf '\r\033[K' >&2; }
  # The terminal does not wrap while the line is drawn, so one that is too long is cut off.
  draw_line() { printf '\r\033[K\033[?7l%d:%02d  %s\033[?7h' $((SECONDS / 60)) $((SECONDS % 60)) "${shown_text-}" >&2; }
  lines() {
    local line part=
    while :; do
      if IFS= read -r -t 1 line; then
        hide
        printf '%s\n' "$part$line"
        part=
        draw_line
      elif [ $? -gt 128 ]; then # no whole line came in a second
        part+=$line
        draw_line
      else
        hide
        printf '%s' "$part$line"
        return
      fi
    done
  }
fi
