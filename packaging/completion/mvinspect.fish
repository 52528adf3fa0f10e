# Completion of mvinspect for fish. It reads what --help prints, so that it knows what the program knows.

function __mvinspect_offers
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l command (string match --invert -- '-*' $words[2..])[1]
    set -l help ($words[1] $command --help 2>/dev/null)
    or return

    # What the option before takes: "--lock shared|none", "--to PATH", "--end NUMBER".
    set -l kind
    if set -q command[1]; and string match -qr -- '^--.' $words[-1]
        set kind (string replace -rf -- "^ *$words[-1] ([^ ]+).*" '$1' $help)
    end
    switch "$kind"
        case '*|*'
            string split '|' $kind
        case PATH NEW
            __fish_complete_path $word
        case NUMBER NAME FILTER BEGIN:END
        case '*'
            if string match -q -- '-*' $word
                # "--what   Description", or the description on the next line.
                string replace -rf -- '^ +(?:-[a-z],)?(--[a-z-]+)(?: [^ ]+)*(?:  +(.*))?$' '$1\t$2' $help
            else if not set -q command[1]
                string replace -rf -- '^  ([a-z][a-z-]*)  +(.*)' '$1\t$2' $help
            else
                __fish_complete_path $word
            end
    end
end

complete --command mvinspect --no-files --arguments '(__mvinspect_offers)'
