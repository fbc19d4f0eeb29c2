import { UsageError } from './exit-codes.ts';

/** What a command is to do, by its first argument. Throws `UsageError` where that is none of its actions. */
export function readAction<Action extends string>(word: string, actions: readonly Action[]): Action {
  const action = actions.find((one) => one === word);
  if (action === undefined) throw new UsageError(`the first argument is one of ${actions.join(', ')}`);
  return action;
}
