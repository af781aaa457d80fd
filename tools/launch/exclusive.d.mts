/**
 * Runs `work` while no other caller does so with this folder, in this process or in another one. The folder
 * is made for the time of `work`, and the folder that contains it must exist.
 *
 * @throws LaunchError the folder cannot be made
 */
export declare function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T>;
