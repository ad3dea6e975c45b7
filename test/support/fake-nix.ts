import { join } from 'node:path'
import { writeProgram } from './program.ts'

/**
 * A `nix` that evaluates whatever configurations it is asked for, and cannot show its settings. Where its work is needed
 * too, the lab has a stand-in.
 *
 * @param build shell commands that are its build
 * @returns the folder of the program
 */
export function writeFakeNix(folder: string, build: string): string {
  writeProgram(
    join(folder, 'nix'),
    `case " $* " in
  *" config show "*) echo "error: broken" >&2; exit 1 ;;
  *" eval "*)
    names=$(printf '%s' "$*" | sed -n 's/.*inherit (all) \\(.*\\);.*/\\1/p' | tr -d '"')
    separator=; printf '{'
    for name in $names; do
      disko=/nix/store/d-$name system=/nix/store/s-$name
      printf '%s"%s": [["%s.drv", "%s"], ["%s.drv", "%s"]]' "$separator" $name $disko $disko $system $system
      separator=,
    done
    echo '}'
    echo $names >> '${folder}/evaluated' ;;
  *" build "*) ${build} ;;
esac`,
  )
  return folder
}
