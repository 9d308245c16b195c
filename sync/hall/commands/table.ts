/** Every command of `window24 hall` by its name; the server itself has none. Help shows them in this order. */
import type { HallCommand } from './command.ts'
import { devices } from './devices.ts'
import { enrol } from './enrol.ts'
import { exportEvents } from './export.ts'
import { feedback } from './feedback.ts'
import { keys } from './keys.ts'
import { openapi } from './openapi.ts'
import { pin } from './pin.ts'
import { preview } from './preview.ts'
import { province } from './province.ts'
import { revoke } from './revoke.ts'
import { serve } from './serve.ts'
import { setupOpen } from './setup-open.ts'
import { technician } from './technician.ts'
import { token } from './token.ts'
import { verify } from './verify.ts'

export const server: HallCommand = serve

export const hallCommands: Readonly<Record<string, HallCommand>> = {
  enrol,
  devices,
  revoke,
  token,
  pin,
  technician,
  keys,
  verify,
  export: exportEvents,
  feedback,
  openapi,
  province,
  preview,
  'setup-open': setupOpen,
}
