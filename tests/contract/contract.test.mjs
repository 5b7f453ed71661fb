// One process and one running program for all: each file declares its tests.
import { after } from 'node:test';
import { stopPlatform } from './platform.mjs';

import './document.mjs';
import './published-client.mjs';

after(stopPlatform);
