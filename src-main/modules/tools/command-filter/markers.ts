/*
 * A word that is being judged is a string in which two characters stand for what the shell would put there. Both are Unicode noncharacters: they
 * cannot come from the command itself, which is refused when it contains them.
 */

/** A piece whose text cannot be known before it runs. */
export const UNKNOWN = '\uFDD0';
/** The home folder: `~` for people and for rules about paths. */
export const HOME = '\uFDD1';

/** Where home and the working folder are inside the sandbox: what `~` and `$PWD` become in a plan. */
export const SANDBOX_FOLDER = '/workspace';

export const isKnown = (text: string): boolean => !text.includes(UNKNOWN);

/** For rules about paths and for people. */
export const asJudged = (text: string): string => text.replaceAll(HOME, '~').replaceAll(UNKNOWN, '$?');

/** With the unknown pieces gone: an unset variable leaves nothing behind (`rm -rf $X/`). */
export const withoutUnknown = (text: string): string => text.replaceAll(HOME, '~').replaceAll(UNKNOWN, '');

/** As it will be executed. */
export const asExecuted = (text: string): string => text.replaceAll(HOME, SANDBOX_FOLDER);
