import points from './mean-mesh.json' with { type: 'json' };

/**
 * A calm face looking straight ahead, 478 x, y, z, flat: the origin lies midway between the outer corners of the eyes, which are 1 apart; x to the
 * person's left, y down, z away from the viewer. The mean of what the shipped graphs find in the neutral portraits of five people rendered for this
 * project (generalised Procrustes alignment: Gower 1975), made symmetric.
 */
export const MEAN_MESH: readonly number[] = points;
