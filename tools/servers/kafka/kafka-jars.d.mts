export declare const KAFKA_VERSION: string;

/** Whether a fetch was completed before. */
export declare function areKafkaJarsCached(): boolean;

/**
 * Folder with Kafka and all it needs; fetched by Maven once, and then kept. `maven` is the path of
 * its program; the one on the PATH unless it is set.
 */
export declare function kafkaJars(maven?: string): Promise<string>;
