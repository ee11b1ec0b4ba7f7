#compdef ovs-offload
# Completion of ovs-offload for zsh: the program itself knows its words.
local line="${words[1,CURRENT]}"
local -a suggestions
case ${words[CURRENT - 1]} in
    --config | --from | --file | --output) _files; return ;;
esac
suggestions=(${(f)"$(ovs-offload "[suggest:${#line}]" "$line" 2>/dev/null)"})
suggestions=(${suggestions:#(-\?|-h|/*)})
compadd -- $suggestions
