import { lstat, stat } from 'node:fs/promises'
import type { SerialPort } from 'serialport'
import { NOT_PERMITTED } from './advice.ts'
import { type Connection, messageOf, type Opened } from './connection.ts'
import { identityOf, watchPresence } from './presence.ts'
import { keepControlLines } from './serial-control-lines.ts'
import { waitBothWays } from './serial-poller.ts'
import { connectionOver } from './stream.ts'
import { Turns } from './turns.ts'

/** libuv's own number of worker threads; the program's launcher sets more than a device has serial lines. */
const USUAL_THREADS = 4
const threads = Number(process.env.UV_THREADPOOL_SIZE) || USUAL_THREADS
/**
 * Waiting for a line to drain holds a worker thread for as long as the line is stalled. One is always left to flush
 * a stalled line, which ends its waiting, and to read files.
 */
const draining = new Turns(Math.max(1, threads - 1))

/** Opens a serial line 8N1 without flow control, as the only one of all that lock. */
export async function openSerial(path: string, baud: number, name: string): Promise<Opened<Connection>> {
  const fail = (detail: string): Opened<Connection> => ({ ok: false, detail: `port ${name}: ${detail}` })
  const absence = await whyNoDevice(path)
  if (absence !== undefined) return fail(absence)

  let library: typeof import('serialport')
  try {
    // Loaded when a port needs it: a device without serial peripherals never maps the native module.
    library = await import('serialport')
  } catch (error) {
    const detail = `port ${name}: the serial library cannot be loaded: ${messageOf(error)}`
    return { ok: false, reason: 'missing-library', detail }
  }
  // lock (flock): of two that lock, the second is refused instead of stealing bytes. One that does not, as brltty or
  // cat, only TIOCEXCL could keep out, which no call of Node or serialport sets: the doctor names it. hupcl: true
  // would set it, false leaves it as it was. No set(): DTR/RTS calls fail on ptys.
  const port = new library.SerialPort({ path, baudRate: baud, autoOpen: false, lock: true, hupcl: false })
  const opened = identityOf(path)
  const error = await new Promise<Error | null>((resolve) => port.open(resolve))
  if (error !== null) return fail(openingFault(error.message))
  await keepControlLines(port)
  waitBothWays(port)

  const own = new Turns(1)
  const drain = (): Promise<void> => own.take(() => draining.take(() => drained(port)))
  const shut = async (): Promise<void> => {
    stopLooking()
    if (port.isOpen) {
      // Closing a stalled line waits for it, 30 s in most kernel drivers, and sends what is left all the same.
      await new Promise<void>((resolve) => port.flush(() => resolve()))
    }
    await new Promise<void>((resolve) => {
      if (!port.isOpen && !port.closing) return resolve()
      port.once('close', () => resolve())
      // While it is closing already, only the event above is to be awaited.
      if (port.isOpen) port.close(() => resolve())
    })
  }
  const { connection, over } = connectionOver(port, name, { shut, drain, explain: lossOf })
  const stopLooking = watchPresence(path, opened, () => over('error', UNPLUGGED))
  return { ok: true, link: connection }
}

function drained(port: SerialPort): Promise<void> {
  return new Promise((resolve, reject) => {
    // serialport would wait for an opening that never comes, and the turn would never end.
    if (!port.isOpen) return reject(new Error('the line was closed'))
    port.drain((error) => (error ? reject(error) : resolve()))
  })
}

const UNPLUGGED = 'the device was unplugged'

/** What serialport and the kernel call the same thing. */
function lossOf(error: Error): string {
  const disconnected = 'disconnected' in error || /\bEIO\b|\bENXIO\b|bad file/i.test(error.message)
  return disconnected ? UNPLUGGED : error.message
}

/** Why there is nothing to be opened, in words for the technician; undefined when there is. */
async function whyNoDevice(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path)
    return found.isCharacterDevice() ? undefined : 'this is no serial device'
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ENOTDIR': {
        const link = await lstat(path).catch(() => undefined)
        return link?.isSymbolicLink()
          ? 'its device is not plugged in (the name leads nowhere)'
          : 'there is no such device: is it plugged in and switched on? (`window24 doctor` lists what is)'
      }
      case 'EACCES':
        return NOT_PERMITTED
      default:
        return messageOf(error)
    }
  }
}

/** serialport gives the words of the operating system, never a code. */
function openingFault(message: string): string {
  if (/cannot lock port|resource busy/i.test(message)) {
    return 'it is held by another process (`window24 doctor` names it)'
  }
  if (/permission denied/i.test(message)) return NOT_PERMITTED
  if (/no such (file|device)|input\/output error/i.test(message)) return 'it was unplugged just now'
  if (/inappropriate ioctl/i.test(message)) return 'this is no serial device'
  return message
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
