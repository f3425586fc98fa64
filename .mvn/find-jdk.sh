# Sourced by the run scripts: find_jdk prints the home of a JDK of version 25 or later.

# Major version of the JDK at $1, or 0.
jdk_major() {
  local version
  [ -x "$1/bin/java" ] || { echo 0; return; }
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  echo "${version:-0}"
}

# Looks at $JAVA_HOME, the java on the PATH, then where Linux, SDKMAN and macOS keep JDKs.
find_jdk() {
  local required=25 home on_path
  on_path=$(command -v java 2>/dev/null)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
      "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$(/usr/libexec/java_home -v $required+ 2>/dev/null)"; do
    if [ -n "$home" ] && [ "$(jdk_major "$home")" -ge "$required" ]; then
      echo "$home"
      return 0
    fi
  done
  echo "A JDK of version $required or later is needed: install one, or set JAVA_HOME to it." >&2
  return 1
}
