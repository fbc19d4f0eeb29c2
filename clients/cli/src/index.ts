export { loadCommands } from './command-table.ts';
export { exitCodes } from './exit-codes.ts';
export { runProgram } from './run-program.ts';
