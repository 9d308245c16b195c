import { describe } from 'vitest'
import { walkEveryService } from './services.ts'

describe('whoever reads English walks every service by touch alone', () => walkEveryService('en'))
