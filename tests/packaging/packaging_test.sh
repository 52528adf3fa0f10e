#!/usr/bin/env bash
# Tests of what is installed beside the programs: it says what the programs do, and passes the validators.
# Usage: packaging_test.sh MVINSPECT BUILD_FOLDER GUI, which is ON if the viewer was built too.
set -euo pipefail

mvinspect=$1 build=$2 gui=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

fail() {
    printf 'FAIL %s: %s\n' "$test" "$*" >&2
    failures=$((failures + 1))
}

# Skips a test where its tool is not installed.
needs() {
    command -v "$1" >/dev/null || { printf 'skipped, as there is no %s: %s\n' "$1" "$test"; return 1; }
}

expect_success() {
    local output
    output=$("$@" 2>&1) || fail "'$*' says: $output"
}

subcommands() { "$mvinspect" --help | sed -n '/^Subcommands:/,$s/^  \([a-z-]*\) .*/\1/p'; }

long_options() { "$mvinspect" ${1:+"$1"} --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | sed 's/.*--/--/'; }

test_the_manual_page_has_every_command_and_option_of_mvinspect() {
    local page=$here/packaging/man/mvinspect.1 command option commands=0 options=0
    for command in '' $(subcommands); do
        commands=$((commands + 1))
        [[ -z $command ]] || grep -qE "^\.It Cm $command( |$)" "$page" || fail "the page has no $command"
        for option in $(long_options "$command"); do
            options=$((options + 1))
            grep -qE "Fl ${option#-}( |$)" "$page" || fail "the page has no $option of $command"
        done
    done
    # That something was compared at all.
    ((commands > 10 && options > 50)) || fail "only $commands commands and $options options were found in --help"
}

test_the_manual_pages_are_well_formed() {
    needs mandoc || return 0
    local page
    for page in "$here"/packaging/man/*.1; do
        expect_success mandoc -T lint -W warning "$page"
    done
}

# What is offered for the words, of which the last is being typed.
completions() {
    PATH=$(dirname "$mvinspect"):$PATH bash -c '
        source "$0"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _mvinspect
        printf "%s\n" "${COMPREPLY[@]}"' "$here/packaging/completion/mvinspect" mvinspect "$@"
}

expect_offer() {
    local offer=$1
    shift
    grep -qxF -- "$offer" <<<"$(completions "$@")" || fail "no '$offer' is offered for: mvinspect $*"
}

test_commands_options_and_choices_are_completed() {
    local command option
    for command in $(subcommands); do
        expect_offer "$command" ''
        expect_offer "$command" "${command:0:2}"
        for option in $(long_options "$command"); do
            expect_offer "$option" "$command" "${option:0:4}"
        done
    done
    expect_offer --version --v
    expect_offer none find --lock n
    expect_offer utf-16be find --encoding ''
    expect_offer --hex find app.mv --h
}

test_files_are_completed() {
    : >"$scratch/my books.mv"
    expect_offer "$scratch/my books.mv" summary "$scratch/my"
    expect_offer "$scratch/my books.mv" rows --limit 7 "$scratch/"
}

# Installs into the folder `$scratch/root`.
install_all() {
    [[ -d $scratch/root ]] || DESTDIR=$scratch/root cmake --install "$build" --prefix /usr >/dev/null
}

test_all_of_it_is_installed() {
    install_all
    local path id=org.modelvault.Viewer
    for path in bin/mvinspect share/man/man1/mvinspect.1 share/bash-completion/completions/mvinspect; do
        [[ -s $scratch/root/usr/$path ]] || fail "there is no $path"
    done
    [[ $gui == ON ]] || return 0
    for path in bin/modelvault-viewer share/man/man1/modelvault-viewer.1 share/applications/$id.desktop \
        share/metainfo/$id.metainfo.xml share/mime/packages/$id.xml share/icons/hicolor/scalable/apps/$id.svg \
        share/icons/hicolor/16x16/apps/$id.svg share/modelvault-viewer/library.mv; do
        [[ -s $scratch/root/usr/$path ]] || fail "there is no $path"
    done
}

test_the_programs_name_their_version_and_what_they_are_made_of() {
    install_all
    local binary output version commit
    version=$(sed -n 's/^    VERSION \([0-9.]*\)$/\1/p' "$here/CMakeLists.txt")
    commit=$(git -c safe.directory="$here" -C "$here" rev-parse HEAD 2>/dev/null || echo '[a-z0-9]*')
    for binary in mvinspect modelvault-viewer; do
        [[ $binary == mvinspect || $gui == ON ]] || continue
        output=$("$scratch/root/usr/bin/$binary" --version) || fail "$binary --version ends with $?"
        grep -qx "$binary $version" <<<"$output" || fail "no version in: $output"
        grep -qx "Commit $commit" <<<"$output" || fail "no commit $commit in: $output"
        grep -qE '^Checksums: (ISA-L|CRC instruction|table)' <<<"$output" || fail "no checksums in: $output"
        [[ $binary == mvinspect ]] || grep -qzP '\nQt 6\..*\nKDE Frameworks 6\.' <<<"$output" ||
            fail "no libraries in: $output"
    done
}

test_the_desktop_file_is_valid() {
    needs desktop-file-validate || return 0
    expect_success desktop-file-validate --warn-kde "$here/packaging/org.modelvault.Viewer.desktop"
}

test_the_metainfo_is_valid() {
    needs appstreamcli || return 0
    # The project has no home page.
    expect_success appstreamcli validate --no-net --override=url-homepage-missing=info "$here/packaging/org.modelvault.Viewer.metainfo.xml"
}

test_the_xml_is_well_formed() {
    needs xmllint || return 0
    expect_success xmllint --noout --nonet "$here"/packaging/*.xml "$here"/resources/icons/*.svg
}

# By the program that desktops use: what the database of types then says.
test_databases_are_known_by_name_and_by_content() {
    needs update-mime-database || return 0
    local data=$scratch/data
    mkdir -p "$data/mime/packages"
    cp "$here/packaging/org.modelvault.Viewer.xml" "$data/mime/packages"
    expect_success update-mime-database "$data/mime"
    local glob
    for glob in mv modelvault typra; do
        grep -qx "50:application/x-modelvault:\*.$glob" "$data/mime/globs2" || fail "*.$glob is not known"
    done
    grep -qaF '[60:application/x-modelvault]' "$data/mime/magic" || fail "the magic is not known"
    [[ $(head -c 4 "$here/resources/sample/library.mv") == TDB0 ]] || fail "the sample does not begin with the magic"
}

test_yaml_is_well_formed() {
    needs yamllint || return 0
    expect_success yamllint --strict --config-data '{extends: default, rules: {line-length: {max: 120},
        document-start: disable, truthy: {check-keys: false}}}' "$here/.github" "$here/packaging"
}

for test in $(declare -F | sed -n 's/^declare -f \(test_\)/\1/p'); do
    "$test"
done
((failures == 0)) && echo "all tests of the packaging passed"
