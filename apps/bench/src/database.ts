import { startEmbeddedMongo } from '@latchkey/mongo-embedded';
import { reportToParent } from './childProcess.js';

// Runs the embedded database. The argument is the folder of the data.
const [, , dataDir = ''] = process.argv;
const mongo = await startEmbeddedMongo({ dataDir, durability: 'process' });
reportToParent(mongo.uri, mongo.stop);
