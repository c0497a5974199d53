import { createContext, useContext } from 'react';
import type { Actions } from './actions.ts';
import type { Command } from './commands.ts';

export interface ActionsValue {
  actions: Actions;
  commands: readonly Command[];
}

const ActionsContext = createContext<ActionsValue | undefined>(undefined);
export const ActionsProvider = ActionsContext.Provider;

function useValue(): ActionsValue {
  const value = useContext(ActionsContext);
  if (!value) throw new Error('useActions outside of its provider');
  return value;
}

export function useActions(): Actions {
  return useValue().actions;
}

export function useCommands(): readonly Command[] {
  return useValue().commands;
}
