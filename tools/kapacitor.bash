# kapacitor.bash - completes commands, flags and ids of `kapacitor` in bash: source it, or install it as
# /usr/share/bash-completion/completions/kapacitor. Ids come from the daemon that KAPACITOR_URL names.

_kapacitor_ids() { # KIND [TOPIC]: first column of `kapacitor list`; nothing where there is no daemon
  kapacitor list "$@" 2>/dev/null | awk 'NR > 1 { print $1 }'
}

_kapacitor() {
  local cur=${COMP_WORDS[COMP_CWORD]} i command= at=0 words=
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -url) ((i++)) ;;
      -*) ;;
      *) command=${COMP_WORDS[i]} at=$i; break ;;
    esac
  done
  local previous=${COMP_WORDS[COMP_CWORD - 1]} place=$((COMP_CWORD - at)) kind=${COMP_WORDS[at + 1]}
  COMPREPLY=()
  case $previous in
    -tick | -vars | -file | -so) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    -type) COMPREPLY=($(compgen -W 'stream batch' -- "$cur")); return ;;
    -template) COMPREPLY=($(compgen -W "$(_kapacitor_ids templates)" -- "$cur")); return ;;
    -task) COMPREPLY=($(compgen -W "$(_kapacitor_ids tasks)" -- "$cur")); return ;;
    -recording) COMPREPLY=($(compgen -W "$(_kapacitor_ids recordings)" -- "$cur")); return ;;
  esac
  case $command in
    '') words='record define define-template define-topic-handler replay replay-live watch logs enable disable reload delete list
      show show-template show-topic-handler show-topic backup level stats version vars service-tests help -url -skipVerify' ;;
    define)
      if [[ $cur == -* ]]; then words='-tick -so -type -dbrp -template -vars -file -name -no-reload'
      elif ((place == 1)); then words=$(_kapacitor_ids tasks); fi ;;
    define-template)
      if [[ $cur == -* ]]; then words='-tick -type'
      elif ((place == 1)); then words=$(_kapacitor_ids templates); fi ;;
    enable | disable | reload | show | watch) words=$(_kapacitor_ids tasks) ;;
    show-template) words=$(_kapacitor_ids templates) ;;
    show-topic) words=$(_kapacitor_ids topics) ;;
    show-topic-handler)
      if ((place == 1)); then words=$(_kapacitor_ids topics); else words=$(_kapacitor_ids topic-handlers "$kind"); fi ;;
    list | delete)
      if ((place == 1)); then
        words='tasks templates recordings replays topics topic-handlers'
        [[ $command == list ]] && words+=' service-tests'
      else
        words=$(_kapacitor_ids "$kind")
      fi ;;
    define-topic-handler | backup) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    record)
      if ((place == 1)); then words='stream batch query'; else words='-task -duration -query -type -start -stop -past -recording-id -no-wait'; fi ;;
    replay) words='-recording -task -real-clock -rec-time -replay-id -no-wait -no-handlers' ;;
    replay-live) if ((place == 1)); then words='batch query'; fi ;;
    service-tests) words=$(_kapacitor_ids service-tests) ;;
    level) words='debug info error' ;;
    stats) words='general ingress' ;;
    help) words='record define define-template define-topic-handler replay replay-live watch logs enable disable reload delete list
      show show-template show-topic-handler show-topic backup level stats version vars service-tests' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F _kapacitor kapacitor
