#!/usr/bin/env bash
# Tests a package in the root of a bare Debian: installs it there, starts what is in it, removes it again.
# Usage: test_package.sh ROOT PACKAGE SAMPLE, run by `./dev test-package` with the rights to chroot.
set -euo pipefail

root=$1 package=$2 sample=$3
name=modelvault-viewer
status=0

say() { printf 'test-package: %s\n' "$*" >&2; }

fail() {
    say "FAIL: $*"
    status=1
}

inside() { chroot "$root" env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }

# Nobody in particular, with a folder to work in, no display and no session.
as_user() {
    chroot --userspec=65534:65534 "$root" env --ignore-environment --chdir=/tmp/user PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
        HOME=/tmp/user QT_QPA_PLATFORM=offscreen "$@"
}

apt() { inside DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet=2 "$@" >/dev/null; }

for tool in g++ cc cmake ninja git; do
    [[ -z $(inside which "$tool" || true) ]] || fail "the root is not bare: it has $tool"
done
find "$root" -xdev -iname '*modelvault*' -o -xdev -name 'mvinspect*' | grep . >&2 && fail "the root has our files already"

say "installing $(basename "$package")"
cp "$package" "$root/tmp/package.deb"
# Nothing that is merely recommended: what is needed has to be a dependency.
apt --no-install-recommends install /tmp/package.deb
rm "$root/tmp/package.deb"
mapfile -t installed < <(inside dpkg --listfiles "$name")
for path in /usr/bin/$name /usr/bin/mvinspect /usr/share/applications/org.modelvault.Viewer.desktop \
    /usr/share/metainfo/org.modelvault.Viewer.metainfo.xml /usr/share/mime/packages/org.modelvault.Viewer.xml \
    /usr/share/icons/hicolor/{scalable,16x16}/apps/org.modelvault.Viewer.svg /usr/share/man/man1/{$name,mvinspect}.1 \
    /usr/share/bash-completion/completions/mvinspect /usr/share/fish/vendor_completions.d/mvinspect.fish \
    /usr/share/zsh/vendor-completions/_mvinspect /usr/share/doc/$name/copyright; do
    [[ -s $root$path ]] || fail "the package has no $path"
done
for binary in "$name" mvinspect; do
    missing=$(inside ldd "/usr/bin/$binary" | grep 'not found' || true)
    [[ -z $missing ]] || fail "$binary lacks libraries: $missing"
done

say "opening the sample"
install -d -o 65534 -g 65534 "$root/tmp/user"
install -o 65534 -g 65534 "$sample" "$root/tmp/user/library.mv"
for binary in "$name" mvinspect; do
    as_user "$binary" --version >&2 || fail "$binary --version ends with $?"
done
as_user mvinspect verify library.mv >&2 || fail "mvinspect verify ends with $?"
# Also says which icons are missing, or draw nothing.
as_user "$name" --screenshot pictures library.mv >"$root/tmp/out" 2>"$root/tmp/err" || fail "the viewer ends with $?"
# Qt's platform without a screen says that it cannot resize windows, once for each.
complaints=$(grep -v 'plugin does not support propagateSizeHints' "$root/tmp/err" || true)
[[ -z $complaints ]] || fail "the viewer complains: $complaints"
pictures=("$root"/tmp/user/pictures/*.png)
((${#pictures[@]} > 3)) || fail "there are only these pictures: ${pictures[*]}"
for picture in "${pictures[@]}"; do
    [[ $(head -c 4 "$picture" | tail -c 3) == PNG && $(stat -c %s "$picture") -gt 10000 ]] ||
        fail "$picture is no picture of a window"
done

say "removing it"
apt purge "$name"
rm -rf "$root/tmp/user" "$root/tmp/out" "$root/tmp/err"
for path in "${installed[@]}"; do
    # Folders may be shared with others.
    [[ -d $root$path || ! -e $root$path ]] || fail "$path is left"
done
left=$(find "$root" -xdev \( -iname '*modelvault*' -o -name 'mvinspect*' \) -not -path "$root/var/log/*")
[[ -z $left ]] || fail "left behind: $left"
! grep -qs modelvault "$root"/usr/share/mime/globs2 "$root"/usr/share/applications/mimeinfo.cache ||
    fail "the desktop still knows the type"

((status == 0)) && say "the package installs, works and leaves nothing behind"
exit "$status"
