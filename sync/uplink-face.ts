/** What the uplink offers to the rest of a device. */
import type { UplinkStatus } from './uplink-verdict.ts'

export interface Uplink {
  status(): UplinkStatus
  /** Called at each change of status; returns how to stop listening. */
  onChange(listener: (status: UplinkStatus) => void): () => void
  /** There may be something to send. Appending wakes by itself. */
  wake(): void
  /** The event line is back: whatever hung on the old line is given up and sent again at once. */
  lineReturned(): void
  lineLost(): void
  /** After somebody has seen to it that it stopped. */
  resume(): void
  /** Ends within moments; what was under way is sent again at the next start. */
  close(): Promise<void>
}
