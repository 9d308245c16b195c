import { spawn } from 'node:child_process'
import type { SerialPort } from 'serialport'
import { sleep } from '../time.ts'

/** It takes milliseconds; a driver that is stuck must not keep its line from being opened. */
const STTY_DEADLINE_MS = 1000

/**
 * Leaves DTR and RTS as they are when this opened line is closed, by whatever end of the program: lowering them
 * resets some readers and printers. Linux lowers them unless told otherwise (HUPCL), and serialport 13 cannot tell
 * it, so `stty` (coreutils) does. Where that fails the line is as good as without. Never rejects.
 */
export async function keepControlLines(port: SerialPort): Promise<void> {
  const binding = port.port
  if (binding === undefined || !('fd' in binding)) return
  // Not by its name, which may lead to another device by now; nor as a file that the child inherits, for libuv would
  // make that one blocking, and ours with it.
  const device = `/proc/${process.pid}/fd/${binding.fd}`
  const ended = new AbortController()
  const child = spawn('stty', ['-F', device, '-hupcl'], { stdio: 'ignore' })
  child.once('error', () => ended.abort())
  child.once('exit', () => ended.abort())
  await sleep(STTY_DEADLINE_MS, ended.signal)
  if (ended.signal.aborted) return
  child.kill('SIGKILL')
  // A process that is stuck in the kernel does not even end by that.
  child.unref()
}
