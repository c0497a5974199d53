import { AppError } from '../../base/errors.ts';

/** There is no such server, program or tool (any more). */
export function noServer(): AppError {
  return new AppError('mcp.no-server', 'This MCP server is not in the list any more. Look at the list again.');
}

export function noTool(tool: string): AppError {
  return new AppError('mcp.no-tool', `The server has no tool "${tool.slice(0, 80)}" (any more). Look at its list again.`, {
    details: { tool: tool.slice(0, 80) },
  });
}

export function nameTaken(name: string): AppError {
  return new AppError('mcp.name-taken', `Another MCP server is called "${name}" or nearly so. Choose another name.`, { details: { name } });
}

export function tooMany(limit: number): AppError {
  return new AppError('mcp.too-many', `There are ${limit} entries already. Remove one that you do not need.`, { details: { limit } });
}

export function fileDamaged(file: string): AppError {
  return new AppError('mcp.file-damaged', `The list of MCP servers was damaged and is kept as ${file}. Add your servers again.`, {
    details: { file },
  });
}

export function fileUnreadable(file: string, cause: unknown): AppError {
  return new AppError(
    'mcp.file-unreadable',
    `The list of MCP servers, ${file}, cannot be read. Allow your user account to read it and start again; it stays as it is.`,
    { cause, details: { file } },
  );
}

export function fileNotWritten(file: string, cause: unknown): AppError {
  return new AppError(
    'mcp.not-written',
    `The list of MCP servers could not be saved in ${file}. Free some space on the disk, or make the folder writable.`,
    { cause, details: { file } },
  );
}

/** The program of a server does not start. */
export function notStarted(command: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'mcp.not-started',
    `The program "${command}" of the MCP server cannot be started (${reason}). Check command and path.`,
    {
      cause,
      details: { command, reason },
    },
  );
}

/** It ended by itself; `words` is the last thing it wrote to its error output. */
export function serverEnded(name: string, words: string): AppError {
  return new AppError(
    'mcp.ended',
    `The MCP server "${name}" has ended${words === '' ? '' : `; it said last: ${words}`}. It is started again by itself in a while.`,
    { details: { name, words } },
  );
}

/** It cannot be reached over the network, or answers what is no MCP. */
export function unreachable(name: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message.slice(0, 300) : String(cause).slice(0, 300);
  return new AppError('mcp.unreachable', `The MCP server "${name}" cannot be reached (${reason}). Check its address and whether it runs.`, {
    cause,
    details: { name, reason },
  });
}

export function secretNeedsTls(name: string): AppError {
  return new AppError(
    'mcp.secret-needs-tls',
    `The MCP server "${name}" would get a secret over http, where anybody on the way can read it. Use its https address.`,
    { details: { name } },
  );
}

export function connectTimeout(name: string): AppError {
  return new AppError(
    'mcp.timeout',
    `The MCP server "${name}" did not answer in time. Check whether it works, then switch it off and on.`,
    {
      details: { name },
    },
  );
}

export function needsSignIn(name: string): AppError {
  return new AppError('mcp.needs-sign-in', `The MCP server "${name}" wants you to sign in. Press "Sign in" beside it.`, {
    details: { name },
  });
}

export function signInFailed(name: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message.slice(0, 300) : String(cause).slice(0, 300);
  return new AppError('mcp.sign-in-failed', `Signing in to the MCP server "${name}" did not work (${reason}). Try it again.`, {
    cause,
    details: { name, reason },
  });
}

export function noBrowser(): AppError {
  return new AppError(
    'mcp.no-browser',
    'The sign-in page cannot be opened here: there is no desktop. Sign in on a computer with a screen.',
  );
}

export function notConnected(name: string): AppError {
  return new AppError('mcp.not-connected', `The MCP server "${name}" is not connected. Look at it in the settings.`, { details: { name } });
}

/** What the server answered breaks the protocol or its own promise. */
export function badAnswer(name: string, reason: string): AppError {
  return new AppError('mcp.bad-answer', `The MCP server "${name}" gave an answer that is not valid (${reason}). Its maker must mend it.`, {
    details: { name, reason },
  });
}

/** Its tools are off until the owner agrees. */
export function toolNew(): AppError {
  return new AppError('mcp.new', 'You have not decided yet what this tool may do. Decide in the settings, under MCP servers.');
}

export function toolChanged(): AppError {
  return new AppError(
    'mcp.changed',
    'The server has changed what this tool says or takes. Read it again in the settings, under MCP servers, before it is used.',
  );
}

export function toolOff(): AppError {
  return new AppError('mcp.off', 'You have switched this tool off.');
}

export function toolUnusable(): AppError {
  return new AppError('mcp.unusable', 'What this tool says about its input cannot be used: it is not valid.');
}

export function schemaTooLarge(): AppError {
  return new AppError(
    'mcp.schema-too-large',
    'This tool says more about its input than you could read and a model could keep in mind, so it is not used. Its maker must shorten it.',
  );
}

export function schemaHides(): AppError {
  return new AppError(
    'mcp.schema-hides',
    'What this tool says about its input contains characters that nobody sees, so it is not used. Do not trust this server.',
  );
}

export function noAccess(): AppError {
  return new AppError('mcp.no-access', 'This program is not in the list any more. Look at the list again.');
}

/** By the off-switch; it stays ended until somebody wants it again. */
export function stoppedBySwitch(name: string): AppError {
  return new AppError(
    'mcp.stopped',
    `The MCP server "${name}" was ended by the off-switch. It starts again when you lift the stop and use it or switch it on.`,
    { details: { name } },
  );
}

/** A decision was made about a tool that has become another since it was read. */
export function changedMeanwhile(): AppError {
  return new AppError('mcp.changed-meanwhile', 'The server has just changed this tool. Read it again before you decide.');
}
