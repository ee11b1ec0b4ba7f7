# Completion of ovs-offload for bash: the program itself knows its words.
_ovs_offload() {
    local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} suggestion
    COMPREPLY=()
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --config | --from | --file | --output) COMPREPLY=($(compgen -f -- "$word")); return ;;
    esac
    while IFS= read -r suggestion; do
        case $suggestion in
            -'?' | -h | /*) ;;
            "$word"*) COMPREPLY+=("$suggestion") ;;
        esac
    done < <(ovs-offload "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o default -F _ovs_offload ovs-offload
