import type { SetLike } from '../../../application/catalogue/set-like.js';
import { type AnyRoute, route } from '../route.js';

const PATH = '/v1/products/{id}/likes/me';

export function likeRoutes(setLike: SetLike): AnyRoute[] {
  return [
    route({
      method: 'put',
      path: PATH,
      access: 'user',
      summary: 'Like a product; several likes of one user count once',
      idOf: 'product',
      success: { status: 204, description: 'The like is stored; the count changes shortly after' },
      handle: async ({ caller, id }) => {
        await setLike.execute({ productId: id, userId: caller.userId, liked: true });
        return {};
      },
    }),
    route({
      method: 'delete',
      path: PATH,
      access: 'user',
      summary: 'Remove your like of a product, if there is one',
      idOf: 'product',
      success: { status: 204, description: 'There is no like; the count changes shortly after' },
      handle: async ({ caller, id }) => {
        await setLike.execute({ productId: id, userId: caller.userId, liked: false });
        return {};
      },
    }),
  ];
}
