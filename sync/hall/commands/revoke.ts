/** `window24 hall revoke`: a device that is no longer to be believed. */
import { HallError } from '../fault.ts'
import type { Store } from '../store/store.ts'
import { countUnsent } from '../verify.ts'
import { DONE, defineCommand } from './command.ts'
import { withStore } from './open.ts'

export const revoke = defineCommand({
  help: `  window24 hall revoke DEVICE --data DIR
      the device is refused from now on and must be enrolled again with a new code; its records stay. What it has
      not sent by then is lost to the hall, and "verify" says so: "devices" shows its backlog
`,
  options: {},
  words: { min: 1, max: 1 },
  async run({ hall, words: [deviceId = ''] }) {
    return await withStore(hall, async (store) => {
      if (await store.revokeDevice(deviceId, new Date())) {
        process.stdout.write(
          `${deviceId} is revoked. To let the machine in again, give it a new code: window24 hall enrol\n${await unsentOf(store, deviceId)}`,
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

/** By what the device told of its chain, which is all that the hall can know. */
async function unsentOf(store: Store, deviceId: string): Promise<string> {
  const heads = await store.headsOf(deviceId)
  const lastEpoch = Math.max(0, ...heads.filter(({ through }) => through !== null).map(({ epoch }) => epoch))
  const unsent = countUnsent(heads, lastEpoch)
  return unsent === 0
    ? ''
    : `It had told of ${unsent} ${unsent === 1 ? 'record' : 'records'} that never came here: "verify" names ${unsent === 1 ? 'it' : 'them'} as missing\n`
}
