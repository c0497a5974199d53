import { ask, deny, type Opinion } from './opinion.ts';

/** Only how things look: these go into a plan. */
const HARMLESS =
  /^(?:LC_[A-Z]+|LANG|LANGUAGE|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR(?:_FORCE)?|COLUMNS|LINES|TERM|GREP_COLORS?|LS_COLORS|BLOCKSIZE|POSIXLY_CORRECT|TIME_STYLE|QUOTING_STYLE)$/;

/** They make an innocent program load or run something else. */
const RUNS_CODE =
  /^(?:LD_\w+|DYLD_\w+|PATH|BASH_ENV|ENV|IFS|PS[0-4]|PROMPT_COMMAND|BASH_FUNC_.*|SHELLOPTS|BASHOPTS|GLOBIGNORE|CDPATH|FPATH|ZDOTDIR|GIT_(?!AUTHOR|COMMITTER|TERMINAL_PROMPT|MERGE_AUTOEDIT|PAGER$)\w+|LESSOPEN|LESSCLOSE|LESSSECURE|LESSKEY\w*|PYTHON(?:STARTUP|HOME|INSPECT|USERBASE|WARNINGS|BREAKPOINT)|PERL5?(?:OPT|LIB|DB|5OPT|5LIB|5DB)|PERL5\w+|RUBY(?:OPT|LIB)|NODE_PATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|GCONV_PATH|LOCPATH|NLSPATH|HOSTALIASES|RESOLV_HOST_CONF|MALLOC_\w+|SSH_ASKPASS|SUDO_ASKPASS|HOME|XDG_\w+|CODEX_HOME|CLAUDE_\w+|OPENCLAW_\w+|ANTHROPIC_\w+|OPENAI_\w+|DOCKER_HOST|KUBECONFIG|AWS_\w+|GREP_OPTIONS|TAR_OPTIONS|GZIP|RSYNC_RSH|CVS_RSH|AWKPATH|AWKLIBPATH|MAGIC|TERMINFO|TERMCAP|OPENSSL_CONF|CURL_HOME|WGETRC|MAKEFLAGS|INPUTRC|HISTFILE|http_proxy|https_proxy|all_proxy|HTTP_PROXY|HTTPS_PROXY|ALL_PROXY)$/;

/** They are meant to be programs: harmless as long as they are the usual ones. */
const NAMES_A_PROGRAM = /^(?:\w*PAGER|\w*EDITOR|VISUAL|BROWSER|SHELL|RUSTC_WRAPPER|CC|CXX)$/;

export const isHarmlessVariable = (name: string): boolean => HARMLESS.test(name);

/** A variable set for one program, or for all that follow. Harmless ones give nothing. */
export function judgeVariable(name: string, value: string | undefined): Opinion | undefined {
  if (HARMLESS.test(name)) return undefined;
  if (RUNS_CODE.test(name))
    return deny('command.environment', `${name} makes other programs load or run something else.`, { variable: name });
  if (NAMES_A_PROGRAM.test(name)) {
    return value !== undefined && /^(?:cat|less(?: -\w+)?|more|vi|vim|nvim|nano|emacs|true|gcc|g\+\+|clang|clang\+\+|)$/.test(value)
      ? ask('command.environment', `${name} is set to a program.`, { variable: name })
      : deny('command.environment', `${name} would be run as a program by others.`, { variable: name });
  }
  return ask('command.environment', `${name} is set for a program; what it does there is not known.`, { variable: name });
}
