import { type Connection, connectionOver, type Opened } from './connection.ts'

export async function openSerial(
  path: string,
  baud: number,
  name: string,
  signal: AbortSignal,
): Promise<Opened<Connection>> {
  // Loaded when a port needs it: a device without serial peripherals never maps the native module.
  const { SerialPort } = await import('serialport')
  // lock: a second owner is refused instead of stealing bytes. hupcl false and no set(): lowering DTR at closing
  // resets some readers, and DTR/RTS calls fail on ptys.
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true, hupcl: false })
  const error = await new Promise<Error | null>((resolve) => port.open(resolve))
  if (error !== null) return { ok: false, detail: `port ${name}: ${error.message}` }

  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      if (!port.isOpen && !port.closing) return resolve()
      port.once('close', () => resolve())
      // While it is closing already, only the event above is to be awaited.
      if (port.isOpen) port.close(() => resolve())
    })
  const link = connectionOver(port, name, shut)
  if (signal.aborted) {
    await link.close()
    return { ok: false, detail: `port ${name}: closed while opening` }
  }
  return { ok: true, link }
}
