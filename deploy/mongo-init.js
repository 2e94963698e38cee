// Makes the replica set, its administrator and one user per service; run at every start, it changes only what is missing or different.
// Runs in mongod's own network namespace: only from localhost does an empty server let anybody make the first user.

const services = ["issues", "volunteer", "enrollment", "notify"];
const patience = 120_000; // milliseconds until mongod must answer
const unauthorized = 13; // mongo/base/error_codes.yml
const admin = new Mongo(`mongodb://localhost:27017/?directConnection=true&serverSelectionTimeoutMS=${patience}`).getDB("admin");

function makeReplicaSet() {
  if (!admin.hello().setName) {
    admin.adminCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: "mongo:27017" }] } });
  }
  while (!admin.hello().isWritablePrimary) sleep(50);
}

function logIn() {
  const root = { user: "root", pwd: process.env.ROOT_PASSWORD };
  try {
    admin.createUser({ ...root, roles: ["root"] });
  } catch (refusal) {
    if (refusal.code !== unauthorized) throw refusal; // there is one already
  }
  admin.auth(root.user, root.pwd);
}

function makeUser(service) {
  const wanted = { pwd: process.env[`${service.toUpperCase()}_PASSWORD`], roles: [{ role: "readWrite", db: `linli_${service}` }] };
  if (admin.getUser(service)) admin.updateUser(service, wanted);
  else admin.createUser({ user: service, ...wanted });
}

makeReplicaSet();
logIn();
services.forEach(makeUser);
print(`ready: a writable primary, and the users ${services.join(", ")}`);
