{ boot.initrd.availableKernelModules = [ "virtio_scsi" ]; }
