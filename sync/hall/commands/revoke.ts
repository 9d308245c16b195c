/** `window24 hall revoke`: a device that is no longer to be believed. */
import { HallError } from '../fault.ts'
import { DONE, defineCommand } from './command.ts'
import { withStore } from './open.ts'

export const revoke = defineCommand({
  help: `  window24 hall revoke DEVICE --data DIR
      the device is refused from now on and must be enrolled again with a new code; its records stay
`,
  options: {},
  words: { min: 1, max: 1 },
  async run({ hall, words: [deviceId = ''] }) {
    return await withStore(hall, async (store) => {
      if (await store.revokeDevice(deviceId, new Date())) {
        process.stdout.write(
          `${deviceId} is revoked. To let the machine in again, give it a new code: window24 hall enrol\n`,
        )
        return DONE
      }
      const device = await store.device(deviceId)
      if (device === null)
        throw new HallError(
          'no-such-device',
          `no device is called "${deviceId}": see "window24 hall devices"`,
        )
      process.stdout.write(`${deviceId} was revoked before; nothing changed\n`)
      return DONE
    })
  },
})
