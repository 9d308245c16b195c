import type { Socket } from 'node:net'

/** Where the driver's end of a simulated cable can be found, while it is plugged in. */
export interface Outlet {
  /** As drivers are to be given it. */
  readonly port: string
  /** From now on a driver can come; each one is handed over as a socket that ends when it leaves. */
  plug(taken: (socket: Socket) => void): Promise<void>
  /** Cuts off whoever is there. Resolves when nothing of it is left. */
  unplug(): Promise<void>
}
