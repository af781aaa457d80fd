import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import express from 'express';
import { ClientAddresses } from '../../../../src/adapters/http/admission/client-addresses.js';
import { exemptAddresses } from '../../../../src/adapters/http/admission/exempt-addresses.js';

describe('The address of a client, as the key of its limits', () => {
  function keyOf(
    remoteAddress: string | undefined,
    forwarded?: string,
    { proxies = 'loopback', exempt = ['none'] } = {},
  ): string | undefined {
    const trusts = express().set('trust proxy', proxies).get('trust proxy fn');
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const req = { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
    return new ClientAddresses(trusts, exemptAddresses(exempt)).keyOf(req);
  }

  it('is the address of the connection', () => {
    expect(keyOf('203.0.113.7')).to.equal('203.0.113.7');
    expect(keyOf('::ffff:203.0.113.7')).to.equal('203.0.113.7');
  });

  it('is the one that a trusted proxy names, and no name that a client invents', () => {
    expect(keyOf('127.0.0.1', '203.0.113.7')).to.equal('203.0.113.7');
    expect(keyOf('127.0.0.1', '198.51.100.1, 203.0.113.7')).to.equal('203.0.113.7');
    expect(keyOf('203.0.113.7', '198.51.100.1')).to.equal('203.0.113.7');
    expect(keyOf('127.0.0.1', 'nonsense, 203.0.113.7')).to.equal('203.0.113.7');
  });

  it('is that of the farthest trusted proxy when no other is named', () => {
    const proxies = 'loopback, 10.0.0.0/8';
    expect(keyOf('127.0.0.1', '198.51.100.1, 10.0.0.2', { proxies })).to.equal('198.51.100.1');
    expect(keyOf('127.0.0.1', '10.0.0.3, 10.0.0.2', { proxies })).to.equal('10.0.0.3');
    expect(keyOf('127.0.0.1')).to.equal('127.0.0.1');
    expect(keyOf('127.0.0.1', 'nonsense')).to.equal('127.0.0.1');
  });

  it('is the /64 of an IPv6 address, however it is written', () => {
    const network = '2001:db8:0:7::/64';
    for (const address of ['2001:db8:0:7::1', '2001:0DB8::0007:a:b:c:d', '2001:db8:0:7:1:2:3:4']) {
      expect(keyOf(address), address).to.equal(network);
    }
    expect(keyOf('2001:db8:0:8::1')).to.equal('2001:db8:0:8::/64');
    expect(keyOf('::1')).to.equal('0:0:0:0::/64');
    expect(keyOf('2001:db8::')).to.equal('2001:db8:0:0::/64');
  });

  it('is none for an exempt address', () => {
    const exempt = ['loopback', 'uniquelocal', '203.0.113.0/24', '2001:db8::/32'];
    for (const address of [
      '127.0.0.1',
      '127.9.9.9',
      '::1',
      '::ffff:127.0.0.1',
      '10.1.2.3',
      'fd00::1',
      '203.0.113.7',
      '2001:db8::7',
    ]) {
      expect(keyOf(address, undefined, { exempt }), address).to.equal(undefined);
    }
    for (const address of ['203.0.114.7', '11.0.0.1', '2001:db9::7', '::ffff:8.8.8.8']) {
      expect(keyOf(address, undefined, { exempt }), address).to.not.equal(undefined);
    }
  });

  it('is none for a client that has left', () => {
    expect(keyOf(undefined)).to.equal(undefined);
  });
});
