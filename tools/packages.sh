# packages.sh - installs the Debian 12 packages a step needs; sourced by ./quickstart and ./check.
#
# install_packages build|test|influx   asks the package mirror only for what is missing.

BUILD_PACKAGES="g++ cmake ninja-build ccache pkg-config antlr4 libantlr4-runtime-dev llvm-19-dev libllvm19
  liblld-19-dev zlib1g-dev libzip-dev libzstd-dev libre2-dev nlohmann-json3-dev libcli11-dev libcpp-httplib-dev libssl-dev libbrotli-dev
  libsqlite3-dev libcurl4-openssl-dev libtomlplusplus-dev libyaml-cpp-dev libprotobuf-dev protobuf-compiler libboost-dev libdeflate-dev libmosquitto-dev librdkafka-dev curl"
TEST_PACKAGES="llvm-19-tools libgtest-dev libgmock-dev influxdb mosquitto openssl snmptrapd python3"
INFLUX_PACKAGES="influxdb"

install_packages() {
  local wanted="$BUILD_PACKAGES" missing="" package
  [ "$1" = test ] && wanted="$wanted $TEST_PACKAGES"
  [ "$1" = influx ] && wanted="$INFLUX_PACKAGES"
  for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" != 0 ]; then
    echo "these packages are missing; install them as root and run this again:$missing" >&2
    return 1
  fi
  echo "installing:$missing" >&2
  local log
  log=$(mktemp)
  # Debian starts services it installs; the tests start their own.
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "apt-get could not install them; see above" >&2
    return 1
  fi
  rm -f "$log"
}

# build_all: configures and builds into build/, showing ninja's progress. Sources that did not change cost a second.
build_all() {
  local jobs
  jobs=$(nproc)
  if [ ! -f build/build.ninja ]; then
    cmake -G Ninja -S . -B build -DCMAKE_BUILD_TYPE=Release "$@" >build.log 2>&1 || { cat build.log >&2; return 1; }
    rm -f build.log
  fi
  cmake --build build -j "$jobs"
}
