# Completion of ovs-offload for fish: the program itself knows its words.
function __ovs_offload_suggest
    set -l line (commandline -cp | string collect)
    ovs-offload "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null | string match -v -r '^(-\?|-h|/.*)$'
end
complete -c ovs-offload -f -a '(__ovs_offload_suggest)'
for option in config from file output
    complete -c ovs-offload -l $option -r -F
end
