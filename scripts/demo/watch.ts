import { watch } from 'node:fs'
import { join } from 'node:path'
import { root } from '../runtime.js'
import type { Part } from './part.ts'

/** An editor saves a file in several steps; one restart is enough for all of them. */
const SETTLE_MS = 250

export interface Watch {
  /** Done when no restart is under way any more. */
  close(): Promise<void>
}

/** `npm run dev`: the hall server and the devices start anew when what they run has changed. */
export function restartOnChange(parts: { hall: Part; terminal: Part; pad: Part }): Watch {
  const devices = [parts.terminal, parts.pad]
  const rooms: Record<string, Part[]> = {
    device: devices,
    drivers: devices,
    sync: [parts.hall, ...devices],
    'ui/dist': devices,
  }
  const stale = new Set<Part>()
  let settle: NodeJS.Timeout | undefined
  let restarting: Promise<unknown> = Promise.resolve()

  const restart = () => {
    const changed = [...stale]
    stale.clear()
    console.log(`重新启动 · restarting: ${changed.map((part) => part.name).join(', ')}`)
    return Promise.all(changed.map((part) => part.restart()))
  }
  const watchers = Object.entries(rooms).map(([room, affected]) =>
    watch(join(root, room), { recursive: true }, (_event, file) => {
      // The pages' last file: with it a build is whole.
      if (room === 'ui/dist' && file !== 'build.json') return
      for (const part of affected) stale.add(part)
      clearTimeout(settle)
      settle = setTimeout(() => {
        restarting = restarting.then(restart)
      }, SETTLE_MS)
    }),
  )
  return {
    async close() {
      clearTimeout(settle)
      for (const watcher of watchers) watcher.close()
      await restarting
    },
  }
}
