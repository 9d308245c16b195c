/** Opens a hall's file, says before and after, and keeps it until its input ends: node store-opener.ts PATH */
import { openSqliteStore } from '../../../../sync/hall/store/sqlite.ts'

process.stdout.write('opening\n')
const store = openSqliteStore(process.argv[2] ?? '')
process.stdout.write('opened\n')
process.stdin.on('end', () => void store.close()).resume()
