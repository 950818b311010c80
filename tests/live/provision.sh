#!/bin/sh
# sh tests/live/provision.sh [SUITE] [CACHE]: a private Asterisk, and sipp, as an ordinary folder.
#
#   SUITE  a Debian suite that has Asterisk (default: sid, for Asterisk 22)
#   CACHE  where the folder goes (default: ${XDG_CACHE_HOME:-~/.cache}/dialc-asterisk)
#
# Prints CACHE/SUITE, the folder, as its last line of output; progress goes to the error output. Fetches the .deb files
# of both programs and of the libraries they need, through apt-get and its checked signatures, with an apt state of its
# own; unpacks them with dpkg-deb; and writes small wrappers that start each program through the unpacked ld.so. Nothing
# is installed, no root is needed. The folder holds
#   bin/asterisk  bin/sipp  bin/aelparse     env (paths and version, sh syntax)     root/ (what was unpacked)
# Done twice it does nothing the second time, and no network is needed then; a changed script starts afresh.
#
# Needs a Debian or Ubuntu machine (apt-get, apt-cache, dpkg, dpkg-deb). The packages come from the mirror the machine's
# own apt is set to if that is one of Debian, else from the one that DEBIAN_MIRROR names (as on Ubuntu), as in
#   DEBIAN_MIRROR=http://mirror.example/debian sh tests/live/provision.sh
# Its signatures are checked against debian-archive-keyring; where that is not installed, the package is taken from the
# machine's own distribution. DEBIAN_KEYRING names another keyring file.
set -eu

suite=${1:-sid}
cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/dialc-asterisk}

say() { printf 'provision: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

for tool in apt-get apt-cache dpkg dpkg-deb; do
  command -v "$tool" >/dev/null || stop "this needs $tool: a Debian or Ubuntu machine"
done

recipe=$(cksum <"$0" | tr ' ' -)
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
folder=$cache/$suite
done_already() { [ "$(cat "$folder/recipe" 2>/dev/null || :)" = "$recipe" ]; }
done_already && { echo "$folder"; exit 0; }

# Two test runs may start at once: one provisions, the other waits and finds it done.
if command -v flock >/dev/null; then
  exec 9>"$cache/.lock"
  flock 9
  done_already && { echo "$folder"; exit 0; }
fi

new=$cache/.$suite.new
rm -rf "$new"
mkdir -p "$new/root" "$new/bin" "$new/debs" "$new/apt/none"
trap 'rm -rf "$new"' EXIT
: >"$new/apt/status"
arch=$(dpkg --print-architecture)

# apt with nothing of the machine's state: what is installed, what is pinned, which lists it has, what it does afterwards.
# `with NAME FILE PARTS` makes the configuration and fetches the lists of the sources in FILE and PARTS (empty: none).
with() {
  mkdir -p "$new/apt/$1/lists/partial" "$new/apt/$1/cache/archives/partial"
  cat >"$new/apt/$1.conf" <<EOF
Dir::State "$new/apt/$1";
Dir::State::Lists "$new/apt/$1/lists";
Dir::State::status "$new/apt/status";
Dir::Cache "$new/apt/$1/cache";
Dir::Etc::sourcelist "$2";
Dir::Etc::sourceparts "$3";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$new/apt/none";
APT::Architecture "$arch";
#clear APT::Architectures;
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Acquire::Languages "none";
Acquire::GzipIndexes "false";
Acquire::Retries "3";
Debug::NoLocking "true";
EOF
  export APT_CONFIG="$new/apt/$1.conf"
  apt-get -qq update >&2
}
# Fetch packages without what they depend on.
fetch() { (cd "$new/debs" && apt-get -qq download "$@" >&2); }

# Where Debian is, and the keys it signs with.
system=$(. /etc/os-release && echo "${ID:-}")
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirror=${DEBIAN_MIRROR:-}
if [ -z "$mirror" ] && [ "$system" = debian ]; then
  # apt reads both styles of its sources, and tells the same of each.
  mirror=$(apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
    'Created-By: Packages' 2>/dev/null |
    awk -v release="$release" '$2 == "main" && ($1 == release || $1 ~ /^(stable|testing|unstable|sid)$/) { print $3; exit }')
fi
[ -n "$mirror" ] || stop "set DEBIAN_MIRROR to the address of a Debian mirror (as in http://mirror.example/debian)"

keyring=
for file in "${DEBIAN_KEYRING:-}" /usr/share/keyrings/debian-archive-keyring.gpg \
  /usr/share/keyrings/debian-archive-keyring.pgp; do
  if [ -z "$keyring" ] && [ -f "$file" ]; then keyring=$file; fi
done
if [ -z "$keyring" ]; then
  say "taking debian-archive-keyring from this machine's own distribution"
  with own /etc/apt/sources.list /etc/apt/sources.list.d
  fetch debian-archive-keyring ||
    stop "no debian-archive-keyring here: install it, or set DEBIAN_KEYRING"
  dpkg-deb -x "$new"/debs/debian-archive-keyring_*.deb "$new/keys"
  rm "$new"/debs/*
  keyring=$(find "$new/keys" -name 'debian-archive-keyring.*' -path '*/keyrings/*' | sort | head -n 1)
fi

echo "deb [arch=$arch target=Packages signed-by=$keyring] $mirror $suite main" >"$new/apt/sources.list"
say "lists of $suite from $mirror"
with debian "$new/apt/sources.list" "$new/apt/none"

# The libraries the two programs themselves need. What asterisk-modules depends on is left out: modules for databases,
# SNMP and LDAP, which no test loads, would treble the size; a few small libraries of modules we do load are named here.
wanted="asterisk asterisk-modules sip-tester"
# Before Asterisk 22, voicemail is a package of its own.
apt-cache -qq show asterisk-voicemail 2>/dev/null | grep -q '^Filename:' && wanted="$wanted asterisk-voicemail"
named="libgsm1 libspeexdsp1 libresample1 libsrtp2-1 libcurl4t64 libcurl4 libfaketime"
about=$(apt-cache -qq --no-all-versions show asterisk sip-tester $named 2>/dev/null || :)
extra=$(printf '%s\n' "$about" | sed -n 's/^Package: //p' | grep '^lib' || :)
needed=$(printf '%s\n' "$about" | sed -n 's/^Depends: //p' | tr ',' '\n' | sed 's/[|(].*//; s/ //g' |
  grep -E '^(lib|zlib)' || :)
libraries=$(apt-get -qq install -y --print-uris $needed $extra |
  sed -nE "s/^'[^']*' ((lib|zlib)[^_]*)_.*/\1/p" | grep -vE '^(libc-gconv-modules-extra|.*-data|.*-common)$')
say "fetching $(echo $wanted $libraries | wc -w) packages"
fetch $wanted $libraries
for package in "$new"/debs/*.deb; do dpkg-deb -x "$package" "$new/root"; done
(cd "$new/root" && rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/gcc usr/share/lintian)

# Paths below root/. On some suites /lib is a link to usr/lib that no package brings, on others a folder.
inside() { (cd "$new/root" && find usr lib lib64 "$@" 2>/dev/null | sort | head -n 1); }
loader=$(inside -type f \( -name 'ld-linux*.so.*' -o -name 'ld-2.*.so' \))
modules=$(inside -type d -path '*/asterisk/modules')
faketime=$(inside -name libfaketimeMT.so.1)
[ -n "$loader" ] && [ -n "$modules" ] && [ -n "$faketime" ] || stop "$suite has not all that is needed"
library_path=$(cd "$new/root" && find usr/lib lib -name 'lib*.so*' -not -path "$modules/*" -not -path '*/faketime/*' \
  -not -path '*/gconv/*' -not -path '*/engines-*' -not -path '*/ossl-modules/*' 2>/dev/null |
  sed 's,/[^/]*$,,' | sort -u | sed 's,^,$root/,' | paste -sd: -)
for program in usr/sbin/asterisk usr/sbin/aelparse usr/bin/sipp; do
  [ -f "$new/root/$program" ] || continue
  cat >"$new/bin/${program##*/}" <<EOF
#!/bin/sh
# Started through its own loader, with its own libraries; AST_PRELOAD is one more library, for this process alone.
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")/root
exec "\$root/$loader" \${AST_PRELOAD:+--preload "\$AST_PRELOAD"} --library-path "$library_path" "\$root/$program" "\$@"
EOF
  chmod +x "$new/bin/${program##*/}"
done

version=$("$new/bin/asterisk" -V | sed -nE 's/^Asterisk ([0-9.]+).*/\1/p') || :
[ -n "$version" ] || stop "the unpacked asterisk does not run"
"$new/bin/sipp" -v 2>&1 | grep -q 'SIPp v' || stop "the unpacked sipp does not run"
cat >"$new/env" <<EOF
AST_ROOT='$folder/root'
AST_BIN='$folder/bin/asterisk'
AST_MODULES='$folder/root/$modules'
AST_SHARE='$folder/root/usr/share/asterisk'
AST_FAKETIME='$folder/root/$faketime'
AST_SIPP='$folder/bin/sipp'
AST_VERSION='$version'
EOF
rm -rf "$new/debs" "$new/apt" "$new/keys"
echo "$recipe" >"$new/recipe"
rm -rf "$folder"
mv "$new" "$folder"
say "Asterisk $version ($(du -sm "$folder" | cut -f1) MB)"
echo "$folder"
