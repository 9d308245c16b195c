import { vi } from 'vitest'
import { hallCommand } from '../../../../sync/hall/command.ts'

export interface Ended {
  code: number
  out: string
  err: string
}

/** In this process: what it prints is caught, what it answers is the exit code. */
export async function run(...args: string[]): Promise<Ended> {
  const texts = { out: '', err: '' }
  const catching = (to: keyof typeof texts) => (chunk: unknown, encoding?: unknown, done?: unknown) => {
    texts[to] += String(chunk)
    if (typeof encoding === 'function') encoding()
    else if (typeof done === 'function') done()
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(catching('out'))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(catching('err'))
  try {
    const code = await hallCommand(args)
    return { code, ...texts }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}
