console.log('zarch');
