import { VRMExpressionMaterialColorBind, VRMExpressionTextureTransformBind, type VRM } from '@pixiv/three-vrm';
import { Mesh, MeshLambertMaterial, MeshStandardMaterial, type Material, type Object3D } from 'three';

/**
 * Gives a model matt materials in place of glossy ones: without a graphics card each pixel's gloss is reckoned by the processor, three times the work of
 * the rest. Materials that an expression of a VRM changes stay as they are.
 */
export function makeMaterialsPlain(scene: Object3D, vrm: VRM | undefined): void {
  const kept = new Set<Material>();
  for (const { binds } of vrm?.expressionManager?.expressions ?? [])
    for (const bind of binds)
      if (bind instanceof VRMExpressionMaterialColorBind || bind instanceof VRMExpressionTextureTransformBind) kept.add(bind.material);
  const plain = new Map<Material, Material>();
  const replaced = (material: Material): Material => {
    if (!(material instanceof MeshStandardMaterial) || kept.has(material)) return material;
    const matt = plain.get(material) ?? mattOf(material);
    plain.set(material, matt);
    return matt;
  };
  scene.traverse((node) => {
    if (node instanceof Mesh) node.material = Array.isArray(node.material) ? node.material.map(replaced) : replaced(node.material);
  });
  for (const material of plain.keys()) material.dispose();
}

function mattOf(glossy: MeshStandardMaterial): MeshLambertMaterial {
  const { name, color, map, alphaMap, emissive, emissiveMap, emissiveIntensity, vertexColors, side, transparent, opacity, alphaTest } =
    glossy;
  const { depthWrite } = glossy;
  const matt = new MeshLambertMaterial({
    map,
    alphaMap,
    emissiveMap,
    emissiveIntensity,
    vertexColors,
    side,
    transparent,
    opacity,
    alphaTest,
  });
  matt.name = name;
  matt.depthWrite = depthWrite;
  matt.color.copy(color);
  matt.emissive.copy(emissive);
  return matt;
}
