/** What a command prints, where it cannot be printed. */
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const module = pathToFileURL(join(import.meta.dirname, '../../../sync/hall/command.ts')).href
const code = `import { hallCommand } from ${JSON.stringify(module)}
  process.exitCode = await hallCommand(process.argv.slice(1))`

/** In a process of its own. @param stdout a file, or null for a pipe that nobody reads */
async function ended(
  stdout: number | null,
  ...args: string[]
): Promise<{ exit: number | null; err: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', ...args], {
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
  })
  let err = ''
  child.stderr?.on('data', (chunk) => {
    err += String(chunk)
  })
  child.stdout?.destroy()
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exit, err }
}

test('a full disk is told in words, and a reader who went away is no fault', async () => {
  const full = openSync('/dev/full', 'w')
  const [onFull, helpOnFull, unread, helpUnread] = await Promise.all([
    ended(full, 'openapi'),
    ended(full, '--help'),
    ended(null, 'openapi'),
    ended(null, 'help'),
  ])
  closeSync(full)
  for (const fault of [onFull, helpOnFull])
    expect(fault).toEqual({
      exit: 1,
      err: 'window24 hall: what it prints could not be written (ENOSPC): not all of it is there\n',
    })
  for (const done of [unread, helpUnread]) expect(done).toEqual({ exit: 0, err: '' })
})
