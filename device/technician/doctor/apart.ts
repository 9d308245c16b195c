/** Runs the doctor in a process of its own, which is ended as soon as it has spoken. */
import { fork } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Said } from './command.ts'

const PROGRAM = fileURLToPath(new URL('./apart-main.ts', import.meta.url))

/**
 * Looks that may hang hold a thread each: a name, a folder, the USB list, and what is read beside them. With Node's
 * four the first hung ones would stop the others.
 */
const THREADS = 16

/**
 * Prints what the doctor says; gives its exit code. A look that hangs in the kernel (a name server that is silent, a
 * stuck device, a network folder whose server is gone) holds its thread, and no process ends before its threads do:
 * so it is another process that looks, and nobody waits for that one's end.
 */
export const doctorCommand = async (args: string[]): Promise<number> => {
  const { promise, resolve } = Promise.withResolvers<Said>()
  const cache = getCompileCacheDir()
  const child = fork(PROGRAM, [process.argv[1] ?? '', ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      UV_THREADPOOL_SIZE: String(THREADS),
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
    },
  })
  child.once('message', (said) => resolve(said as Said))
  child.once('exit', (code) => resolve({ exit: code || 1, text: '', errors: '' }))
  const { exit, text, errors } = await promise
  child.kill('SIGKILL')
  if (child.connected) child.disconnect()
  child.unref()
  process.stdout.write(text)
  process.stderr.write(errors)
  return exit
}
