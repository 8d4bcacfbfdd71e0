// A stack of typed constructs, which were generated from the schema of the provider: every resource, a data source and a
// function.

import { App, Fn, TerraformOutput, TerraformStack } from "cdktn";
import { Construct } from "constructs";

import { Cluster } from "./generated/providers/tensorpool/cluster";
import { DataTensorpoolClusters } from "./generated/providers/tensorpool/data-tensorpool-clusters";
import { ObjectStorage } from "./generated/providers/tensorpool/object-storage";
import { ObjectStorageBucket } from "./generated/providers/tensorpool/object-storage-bucket";
import { TensorpoolProvider } from "./generated/providers/tensorpool/provider";
import { SshKey } from "./generated/providers/tensorpool/ssh-key";
import { Storage } from "./generated/providers/tensorpool/storage";
import { StorageAttachment } from "./generated/providers/tensorpool/storage-attachment";
import { UserPreferences } from "./generated/providers/tensorpool/user-preferences";

const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";

class Training extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const provider = new TensorpoolProvider(this, "tensorpool");

    const key = new SshKey(this, "laptop", { name: "laptop", publicKey: PUBLIC_KEY });
    const cluster = new Cluster(this, "train", {
      name: "train",
      instanceType: provider.functions.formatInstanceType(8, "H100"),
      numNodes: 2,
      publicKeys: [key.publicKey],
      deletionProtection: false,
      timeouts: { create: "30m" },
    });
    const volume = new Storage(this, "data", { name: "data", sizeGb: 100 });
    new StorageAttachment(this, "data_on_train", { clusterId: cluster.id, storageId: volume.id });

    const objectStorage = new ObjectStorage(this, "objects", { allowDisable: true });
    new ObjectStorageBucket(this, "models", { name: "models", dependsOn: [objectStorage] });
    new UserPreferences(this, "preferences", { balanceWarningThreshold: 50 });

    const running = new DataTensorpoolClusters(this, "running", { dependsOn: [cluster] });
    new TerraformOutput(this, "nodes", { value: Fn.lengthOf(cluster.instances) });
    new TerraformOutput(this, "first_address", { value: cluster.instances.get(0).ipAddress });
    new TerraformOutput(this, "clusters", { value: Fn.lengthOf(running.clusters) });
    new TerraformOutput(this, "fingerprint", { value: provider.functions.sshKeyFingerprint(PUBLIC_KEY) });
  }
}

const app = new App();
new Training(app, "training");
app.synth();
