import { SCANNER_PROFILES, scannerProfile } from '../../drivers/scanner/profile.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../drivers/simulators/scanner.ts'
import { kindOf, wireFault } from './kind.ts'
import { plain } from './words.ts'

export const scanner = kindOf<ScannerSimulator>({
  profiles: SCANNER_PROFILES.filter((name) => scannerProfile(name)?.driver === 'serial'),
  orders: [
    {
      form: 'scan CODE',
      run: (device, words, report) => {
        if (words.length === 0) return false
        if (!device.scan(words.join(' '))) report('the scanner reads nothing before it is triggered')
        return true
      },
    },
    {
      form: 'present CODE',
      run: (device, words) => {
        if (words.length === 0) return false
        device.present(words.join(' '))
        return true
      },
    },
    plain('remove', (device) => device.present(null)),
    wireFault,
  ],
  start: ({ listen, profile, onError }) =>
    startScannerSimulator({ listen, onError, ...(profile === undefined ? {} : { profile }) }),
})
