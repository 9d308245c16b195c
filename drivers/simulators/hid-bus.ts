import { EventEmitter } from 'node:events'

/** What is plugged into a simulated bus. */
export interface SimulatedHidDevice {
  vendorId: number
  productId: number
  /** Left out, the device is listed without, as some kernels do. */
  usagePage?: number
  usage?: number
  product?: string
  serialNumber?: string
  reportDescriptor?: Uint8Array
  /** A driver has opened the device. */
  attached?(): void
  /** One output report as the driver wrote it, its id first. */
  report(bytes: Uint8Array): void
  /** The last driver has closed the device, or it was unplugged while open. */
  detached?(): void
}

export interface PluggedHidDevice {
  /** `/dev/hidrawN`, with the next N at each plugging. */
  readonly path: string
  /** One input report, to every driver that has the device open; lost when there is none. */
  send(report: Uint8Array): void
  /** As hidraw tells of it: reading fails, writing fails, nothing closes by itself. */
  unplug(): void
  /** While on, a written report is not taken and not refused. */
  stallWrites(on: boolean): void
}

/** As node-hid lists a device. */
interface Listed {
  vendorId: number
  productId: number
  path: string
  release: number
  interface: number
  manufacturer: string
  product: string
  serialNumber: string
  usagePage?: number
  usage?: number
}

/** Reports that hidraw keeps for one that has the device open and does not read; what comes then is lost. */
const HIDRAW_BUFFER_REPORTS = 64
/** The kernel's HID_MAX_BUFFER_SIZE: hidraw takes no longer report. */
const HIDRAW_REPORT_BYTES = 16_384

/**
 * USB HID devices without USB: `library` is what `import('node-hid')` gives, as far as the transport uses it, and
 * behaves as node-hid 3.4 does over Linux's hidraw. Drivers and transport above it are the real ones.
 */
export class SimulatedHidBus {
  #plugged = new Map<string, Socket>()
  #next = 0

  readonly library = {
    devices: (vendorId = 0, productId = 0): Listed[] => this.#list(vendorId, productId),
    devicesAsync: async (vendorId = 0, productId = 0): Promise<Listed[]> => this.#list(vendorId, productId),
    HIDAsync: {
      open: async (path: string): Promise<SimulatedHidHandle> => {
        const socket = this.#plugged.get(path)
        if (socket === undefined) throw new Error(cannotOpen(path))
        return socket.open()
      },
    },
  }

  plug(device: SimulatedHidDevice): PluggedHidDevice {
    const path = `/dev/hidraw${this.#next}`
    this.#next += 1
    const socket = new Socket(device)
    this.#plugged.set(path, socket)
    return {
      path,
      send: (report) => socket.send(report),
      unplug: () => {
        this.#plugged.delete(path)
        socket.pull()
      },
      stallWrites: (on) => socket.stall(on),
    }
  }

  /** As `readReportDescriptor` of the transport reads it from sysfs, for tests to put in its place. */
  async reportDescriptor(path: string): Promise<Uint8Array | undefined> {
    return this.#plugged.get(path)?.device.reportDescriptor?.slice()
  }

  #list(vendorId: number, productId: number): Listed[] {
    // 0 stands for any, as in hidapi.
    return [...this.#plugged]
      .filter(([, { device }]) => vendorId === 0 || device.vendorId === vendorId)
      .filter(([, { device }]) => productId === 0 || device.productId === productId)
      .map(([path, { device }]) => ({
        vendorId: device.vendorId,
        productId: device.productId,
        path,
        release: 0x0100,
        interface: 0,
        manufacturer: '',
        product: device.product ?? '',
        serialNumber: device.serialNumber ?? '',
        ...(device.usagePage === undefined ? {} : { usagePage: device.usagePage }),
        ...(device.usage === undefined ? {} : { usage: device.usage }),
      }))
  }
}

/** One plugged device with all that have it open: hidraw refuses nobody. */
class Socket {
  readonly device: SimulatedHidDevice
  #handles = new Set<SimulatedHidHandle>()
  #stalled: (() => void)[] | undefined
  #pulled = false

  constructor(device: SimulatedHidDevice) {
    this.device = device
  }

  open(): SimulatedHidHandle {
    const handle = new SimulatedHidHandle(this)
    this.#handles.add(handle)
    if (this.#handles.size === 1) this.device.attached?.()
    return handle
  }

  release(handle: SimulatedHidHandle): void {
    if (this.#handles.delete(handle) && this.#handles.size === 0 && !this.#pulled) this.device.detached?.()
  }

  send(report: Uint8Array): void {
    for (const handle of this.#handles) handle.take(Buffer.from(report))
  }

  async write(report: Buffer): Promise<void> {
    if (this.#stalled !== undefined) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#stalled.push(resolve)
      await promise
    }
    if (this.#pulled) throw new Error('Cannot write to hid device: No such device')
    this.device.report(report)
  }

  stall(on: boolean): void {
    const waiting = this.#stalled ?? []
    this.#stalled = on ? waiting : undefined
    if (!on) for (const resume of waiting) resume()
  }

  pull(): void {
    if (this.#pulled) return
    this.#pulled = true
    this.stall(false)
    if (this.#handles.size > 0) this.device.detached?.()
    for (const handle of this.#handles) handle.fail()
  }
}

/** What node-hid's `HIDAsync.open` gives. */
class SimulatedHidHandle extends EventEmitter {
  #socket: Socket
  #kept: Buffer[] = []
  #reading = false
  #closed = false
  #gone = false
  #writing: Promise<unknown> = Promise.resolve()

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    this.on('newListener', (event) => {
      if (event === 'data') process.nextTick(() => this.#read())
    })
  }

  write(values: Buffer | number[]): Promise<number> {
    if (this.#closed) return Promise.reject(new TypeError('device has been closed'))
    const report = Buffer.from(values)
    if (report.length === 0)
      return Promise.reject(new Error('Cannot write to hid device: Zero buffer/length'))
    if (report.length > HIDRAW_REPORT_BYTES)
      return Promise.reject(new Error('Cannot write to hid device: Invalid argument'))
    // One worker for each device, in order.
    const written = this.#writing.then(() => this.#socket.write(report)).then(() => report.length)
    this.#writing = written.catch(() => {})
    return written
  }

  async close(): Promise<void> {
    if (this.#closed) throw new TypeError('device is already closed')
    this.#closed = true
    // The closing stands in the same queue as the writes.
    await this.#writing
    this.#socket.release(this)
    this.removeAllListeners()
  }

  /** The bus has a report for it. */
  take(report: Buffer): void {
    if (this.#closed || this.#kept.length === HIDRAW_BUFFER_REPORTS) return
    this.#kept.push(report)
    setImmediate(() => this.#hand())
  }

  /** The device was pulled. */
  fail(): void {
    this.#gone = true
    setImmediate(() => this.#hand())
  }

  #read(): void {
    if (this.#closed) throw new TypeError('device has been closed')
    this.#reading = true
    this.#hand()
  }

  #hand(): void {
    while (this.#reading && !this.#closed) {
      if (this.#gone) {
        this.#reading = false
        // A string, as the native module gives it.
        this.emit('error', 'could not read from HID device: hid_read_timeout: unexpected poll error')
        return
      }
      const report = this.#kept.shift()
      if (report === undefined) return
      try {
        this.emit('data', report)
      } catch (error) {
        setImmediate(() => this.emit('error', error))
      }
    }
  }
}

function cannotOpen(path: string): string {
  return `cannot open device with path ${path}: Failed to open a device with path '${path}': No such file or directory`
}
