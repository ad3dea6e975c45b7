# Secrets with sops-nix: encrypted in this flake, decrypted on the machine with its SSH host key. See README.md.
{ inputs, ... }:
{
  imports = [ inputs.sops-nix.nixosModules.sops ];

  sops = {
    defaultSopsFile = ./secrets.yaml;
    age.sshKeyPaths = [ "/etc/ssh/ssh_host_ed25519_key" ];
    # Becomes /run/secrets/example.
    secrets.example = { };
  };
}
