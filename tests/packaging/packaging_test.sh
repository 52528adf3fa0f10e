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

# Of a program, or with its name behind it of one of its commands.
long_options() { "$@" --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | sed 's/.*--/--/'; }

# What the page says of a command: its entry, the sections that this leads to, and what holds for all commands.
said_of() {
    awk -v command="$1" '
        FNR == 1 { pass++ }
        /^\.Sh / { section = $2; general = 1; own = 0 }
        /^\.Ss / { general = own = 0 }
        section == "DESCRIPTION" && /^\.It Cm / { own = $3 == command }
        pass == 1 && own && $1 == ".Sx" { leads[$2] = 1 }
        pass == 2 && (own || section in leads || (section == "DESCRIPTION" && general)) { print }' "$page" "$page"
}

test_the_manual_page_has_every_command_and_option_of_mvinspect() {
    local page=$here/packaging/man/mvinspect.1 command option commands=0 options=0 all="" said named
    for command in '' $(subcommands); do
        commands=$((commands + 1))
        [[ -z $command ]] || grep -qE "^\.It Cm $command( |$)" "$page" || fail "the page has no $command"
        said=$(said_of "$command")
        for option in $(long_options "$mvinspect" ${command:+"$command"}); do
            options=$((options + 1))
            all+=$option$'\n'
            grep -qE "(Fl|\|) ${option#-}( |$)" <<<"$said" || fail "the page has no $option of '$command'"
        done
    done
    # That something was compared at all.
    ((commands > 15 && options > 80)) || fail "only $commands commands and $options options were found in --help"
    mapfile -t named < <(sed -n 's/^\.It Cm \([a-z-]*\) .*Ar FILE.*/\1/p' "$page")
    for command in "${named[@]}"; do
        grep -qx "$command" <<<"$(subcommands)" || fail "the page has the command $command, which is not there"
    done
    expect_no_others_on "$page" "$all"
}

expect_no_others_on() {
    local page=$1 all=$2 option named
    mapfile -t named < <(grep -oE '(Fl|\|) -[a-z-]+' "$page" | sed 's/.* /-/')
    for option in "${named[@]}"; do
        grep -qxF -- "$option" <<<"$all" || fail "the page has $option, which is not there"
    done
}

test_the_manual_page_has_every_option_of_the_viewer() {
    [[ $gui == ON ]] || return 0
    install_all
    local page=$here/packaging/man/modelvault-viewer.1 option all
    all=$(long_options "$scratch/root/usr/bin/modelvault-viewer")
    [[ $all == *--screenshot* ]] || fail "only these options were found: $all"
    for option in $all; do
        grep -qE "^\.It Fl ${option#-}( |$)" "$page" || fail "the page has no $option"
    done
    expect_no_others_on "$page" "$all"
}

test_the_manual_pages_are_well_formed() {
    needs mandoc || return 0
    local page
    for page in "$here"/packaging/man/*.1; do
        expect_success mandoc -T lint -W warning "$page"
    done
}

# What each shell offers for the words, of which the last is being typed.
offered_by_bash() {
    bash -c '
        source "$0"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _mvinspect
        printf "%s\n" "${COMPREPLY[@]}"' "$here/packaging/completion/mvinspect" "$@"
}

# Its own functions, which need a terminal, are replaced.
offered_by_zsh() {
    zsh -f -c '
        _describe() { while [[ $1 == -* ]]; do shift; done; print -l -- "${(@)${(@P)2}%%:*}" }
        _files() { print -l -- $words[CURRENT]*(N) }
        fpath=($0 $fpath)
        autoload -Uz _mvinspect
        words=("$@") CURRENT=$#
        _mvinspect || true' "$here/packaging/completion" "$@"
}

offered_by_fish() {
    # shellcheck disable=SC2016 # fish expands these, not the shell
    fish --no-config -c '
        source $argv[1]
        complete --do-complete "$argv[2..]"' "$here/packaging/completion/mvinspect.fish" "$@" | cut -f1
}

offered() { PATH=$(dirname "$mvinspect"):$PATH "offered_by_$shell" mvinspect "$@"; }

expect_offers() {
    local offers offer
    offers=$(offered "${@:2}")
    for offer in $1; do
        grep -qxF -- "$offer" <<<"$offers" || fail "$shell offers no '$offer' for: mvinspect ${*:2}"
    done
}

test_commands_options_and_choices_are_completed() {
    local shell command
    for shell in bash zsh fish; do
        needs "$shell" || continue
        expect_offers "$(subcommands)" ''
        expect_offers rescue res
        expect_offers "$(long_options "$mvinspect")" --
        for command in $(subcommands); do
            expect_offers "$(long_options "$mvinspect" "$command")" "$command" --
        done
        expect_offers 'shared none' find --lock ''
        expect_offers 'utf-8 utf-16le utf-16be any' find --encoding ''
        expect_offers '--hex' find app.mv --h
        [[ -z $(offered rows --limit '') ]] || fail "$shell offers something for a number: $(offered rows --limit '')"
    done
}

test_files_are_completed() {
    local shell words
    : >"$scratch/my-books.mv"
    for shell in bash zsh fish; do
        needs "$shell" || continue
        for words in summary 'rows --limit 7' 'rescue --keep all' 'rescue --to'; do
            # shellcheck disable=SC2086 # words
            expect_offers "$scratch/my-books.mv" $words "$scratch/my"
        done
    done
}

# Installs into the folder `$scratch/root`.
install_all() {
    [[ -d $scratch/root ]] || DESTDIR=$scratch/root cmake --install "$build" --prefix /usr >/dev/null
}

test_all_of_it_is_installed() {
    install_all
    local path id=org.modelvault.Viewer
    for path in bin/mvinspect share/man/man1/mvinspect.1 share/bash-completion/completions/mvinspect \
        share/fish/vendor_completions.d/mvinspect.fish; do
        [[ -s $scratch/root/usr/$path ]] || fail "there is no $path"
    done
    # Where zsh looks for it depends on the distribution.
    [[ -s $(echo "$scratch"/root/usr/share/zsh/*/_mvinspect) ]] || fail "there is no completion for zsh"
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

test_the_flatpak_manifest_is_read_and_pins_its_sources() {
    needs flatpak-builder || return 0
    local manifest urls
    # Makes a folder where it is.
    manifest=$(cd "$scratch" && flatpak-builder --show-manifest "$here/packaging/org.modelvault.Viewer.yml") ||
        fail "flatpak-builder ends with $?"
    grep -qF '"command" : "modelvault-viewer"' <<<"$manifest" || fail "no command in: $manifest"
    urls=$(grep -c '"url" : "https://' <<<"$manifest")
    ((urls > 0)) || fail "no sources in: $manifest"
    [[ $(grep -cE '"sha256" : "[0-9a-f]{64}"' <<<"$manifest") == "$urls" ]] || fail "not every source has its hash"
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
