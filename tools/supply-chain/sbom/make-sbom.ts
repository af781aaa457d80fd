import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import parseExpression from 'spdx-expression-parse';
import { type LockedPackage, LockedPackages } from '../locked-packages.js';

/** The version of CycloneDX in which the list is written. */
export const SBOM_SPEC = Spec.Spec1dot6;

const licences = new Contrib.License.Factories.LicenseFactory(parseExpression);

/**
 * The packages that the service in `folder` runs with, as CycloneDX JSON. The same package-lock.json gives
 * the same text: it has neither a time nor a random serial number.
 *
 * It is made from package-lock.json, because `npm sbom` leaves out packages that development needs too.
 */
export function makeSbom(folder: string): string {
  const packages = new LockedPackages(folder);
  const components = new Map(
    packages.all
      .filter(({ isForProduction }) => isForProduction)
      .map((each) => [each.location, component(each)]),
  );
  for (const each of packages.all) {
    dependOn(components.get(each.location), packages.dependenciesOf(each), components);
  }
  const service = describeService(folder);
  dependOn(service, packages.direct, components);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: service }),
    components: new Models.ComponentRepository(components.values()),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(SBOM_SPEC));
  return serializer.serialize(bom, { sortLists: true });
}

function dependOn(
  dependent: Models.Component | undefined,
  locations: readonly string[],
  components: ReadonlyMap<string, Models.Component>,
): void {
  for (const location of locations) {
    const dependency = components.get(location);
    if (dependency) dependent?.dependencies.add(dependency.bomRef);
  }
}

function describeService(folder: string): Models.Component {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const service = new Models.Component(Enums.ComponentType.Application, manifest.name, {
    bomRef: manifest.name,
    version: manifest.version,
    purl: purl(manifest),
  });
  service.licenses.add(licences.makeFromString(manifest.license));
  return service;
}

function component(each: LockedPackage): Models.Component {
  const [name = '', group] = each.name.split('/').reverse();
  const made = new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: each.location,
    group,
    version: each.version,
    purl: purl(each),
    scope: each.isOptional ? Enums.ComponentScope.Optional : Enums.ComponentScope.Required,
  });
  if (each.licence) made.licenses.add(licences.makeFromString(each.licence));
  const [, hash] = /^sha512-(\S+)$/.exec(each.integrity ?? '') ?? [];
  if (hash) made.hashes.set(Enums.HashAlgorithm['SHA-512'], toHex(hash));
  return made;
}

/** The form of `pkg:npm` in the specification of package URLs. */
function purl({ name, version }: { readonly name: string; readonly version: string }): string {
  const steps = name.split('/').map(encodeURIComponent);
  return `pkg:npm/${steps.join('/')}@${encodeURIComponent(version)}`;
}

function toHex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
