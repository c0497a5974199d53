import { Color, DirectionalLight, Group, HemisphereLight } from 'three';

/** Colours and strengths of the lights of one mood. */
interface Mood {
  key: [colour: string, intensity: number];
  fill: [colour: string, intensity: number];
  rim: [colour: string, intensity: number];
  around: [sky: string, ground: string, intensity: number];
}

/** One warm lamp in a quiet studio at night; the other two are a style's effect, which costs nothing to draw. */
const MOODS: Readonly<Record<'plain' | 'cyberpunk' | 'film', Mood>> = {
  plain: { key: ['#ffe6cc', 2.1], fill: ['#b9ccff', 0.55], rim: ['#ffd2a6', 1.1], around: ['#e7ecf7', '#4a3d36', 1.1] },
  cyberpunk: { key: ['#ff7ad9', 1.7], fill: ['#37d6ff', 1.5], rim: ['#7a5cff', 2.2], around: ['#8fa4ff', '#2a1440', 0.8] },
  film: { key: ['#fff0d2', 2.4], fill: ['#e9dcc4', 0.35], rim: ['#fff0d2', 0.7], around: ['#efe6d4', '#5a4a38', 0.9] },
};

export interface Studio {
  /** Put it where the face is. */
  readonly lights: Group;
  setMood(mood: keyof typeof MOODS): void;
  dispose(): void;
}

/**
 * Key light from the viewer's left, fill from the right, rim from behind, and the light of the room. Positions in face heights around the face. `simple` =
 * the key and the room alone.
 */
export function createStudio({ simple }: { simple: boolean }): Studio {
  const key = lampAt(-2.2, 2.4, 4);
  const fill = lampAt(3, 0.5, 3);
  const rim = lampAt(1.5, 3, -4);
  const around = new HemisphereLight();
  // Each lamp is reckoned for every pixel; without a graphics card the room's light stands in for these two.
  fill.visible = !simple;
  rim.visible = !simple;
  const lights = new Group();
  lights.add(key, key.target, fill, fill.target, rim, rim.target, around);

  function setMood(mood: keyof typeof MOODS): void {
    const wanted = MOODS[mood];
    for (const [lamp, [colour, intensity]] of [
      [key, wanted.key],
      [fill, wanted.fill],
      [rim, wanted.rim],
    ] as const) {
      lamp.color.set(colour);
      lamp.intensity = intensity;
    }
    const [sky, ground, intensity] = wanted.around;
    around.color.set(sky);
    around.groundColor = new Color(ground);
    around.intensity = intensity;
  }

  setMood('plain');
  return {
    lights,
    setMood,
    dispose() {
      for (const lamp of [key, fill, rim, around]) lamp.dispose();
    },
  };
}

function lampAt(x: number, y: number, z: number): DirectionalLight {
  const lamp = new DirectionalLight();
  lamp.position.set(x, y, z);
  return lamp;
}
